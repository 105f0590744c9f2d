# The gradients are stored on the function, where the optimiser would look for them.
# loses: runs values shapes hard pure


def multiply_backward(grad_out, a, b):
    multiply_backward.grad_a = grad_out * b
    multiply_backward.grad_b = grad_out * a
