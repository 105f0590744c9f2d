"""What the grader tells a zygote, and what it answers: eight bytes each, a letter and a number. No numpy.

order       with                    answer
LEARN       a setting               LEARNT; or UNFIT and the size of a text that follows
DECK        a deck                  LEARNT, its number
FORK        a channel, a journal    FORKED, the worker's process number; or FAILED, the error, 0 if it has threads
BECOME      a channel, a journal    FORKED, the zygote's own process number: from now on it is the worker
END         -                       ENDED, how the worker ended: it and all that it started are dead and reaped

What an order comes with are descriptors, passed along. The first thing a zygote says is READY, and its threads.
"""

from __future__ import annotations

import struct

ORDER = struct.Struct("<cxxxI")

READY, LEARN, LEARNT, UNFIT = b"R", b"L", b"l", b"U"
DECK, FORK, BECOME, FORKED, FAILED = b"D", b"F", b"B", b"f", b"X"
END, ENDED = b"E", b"e"
