def make_ruleset():
    return None


def restrict_self(r):
    pass
