"""The first file that runs in the container: everything else is found from here, and nothing of the student's is."""

import gc
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "site"))

if __name__ == "__main__":
    gc.disable()  # until all is loaded: that makes many objects, and no garbage
    first = None
    if sys.argv[1:] in (["grade"], ["selftest"]):
        # Before anything is loaded that no student's code may see: neither the checks nor an exam are in its memory.
        from autograder.sandbox.offshoot import fork_zygote

        first = fork_zygote()
    from autograder.sandbox.nest import Nest

    nest = Nest(first=first)
    if first is not None:
        nest.start()
    from autograder.gradescope.container import main, root_folder

    gc.freeze()
    gc.enable()
    sys.exit(main(root_folder(), sys.argv[1:], nest))
