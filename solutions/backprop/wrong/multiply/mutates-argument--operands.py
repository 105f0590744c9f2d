# The operands are not needed after the forward pass, so the gradients are written over them.
# loses: shapes hard pure


def multiply_backward(grad_out, a, b):
    a *= grad_out
    b *= grad_out
    return b, a
