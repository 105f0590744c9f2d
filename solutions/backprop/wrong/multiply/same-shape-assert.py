# Entry by entry means that the shapes are equal, and anything else is an error.
# loses: shapes hard pure


def multiply_backward(grad_out, a, b):
    assert a.shape == b.shape == grad_out.shape, "shapes differ"
    return grad_out * b, grad_out * a
