# Gradients have to be accumulated, so the total is kept from one call to the next.
# loses: values hard pure


def sigmoid_backward(grad_out, out, totals={}):
    grad_x = grad_out * out * (1 - out)
    totals[out.shape] = totals.get(out.shape, 0) + grad_x
    return totals[out.shape]
