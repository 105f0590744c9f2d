# An array is transposed by giving it the reversed shape, which reorders nothing and changes the argument.
# loses: values shapes hard pure


def matmul_backward(grad_out, a, b):
    a.shape = a.shape[::-1]
    b.shape = b.shape[::-1]
    return grad_out @ b, a @ grad_out
