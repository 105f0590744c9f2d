# A transposed result only has to be reshaped.
# loses: values shapes hard


def matmul_backward(grad_out, a, b):
    grad_a = (b @ grad_out.T).reshape(a.shape)
    grad_b = (grad_out.T @ a).reshape(b.shape)
    return grad_a, grad_b
