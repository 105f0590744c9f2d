# A careful beginner: one small step per line, a name for each step, and many comments.
import numpy as np


def add_backward(grad_out, a, b):
    # start with the gradient of a
    grad_a = np.array(grad_out)
    # step 1: remove the axes in front that a does not have
    number_of_extra_axes = grad_a.ndim - a.ndim
    for i in range(number_of_extra_axes):
        grad_a = np.sum(grad_a, axis=0)
    # step 2: sum the axes where a has size 1, and keep them
    for axis in range(a.ndim):
        if a.shape[axis] == 1:
            grad_a = np.sum(grad_a, axis=axis, keepdims=True)

    # and now the same for b
    grad_b = np.array(grad_out)
    number_of_extra_axes = grad_b.ndim - b.ndim
    for i in range(number_of_extra_axes):
        grad_b = np.sum(grad_b, axis=0)
    for axis in range(b.ndim):
        if b.shape[axis] == 1:
            grad_b = np.sum(grad_b, axis=axis, keepdims=True)

    result = (grad_a, grad_b)
    return result


def unbroadcast(grad, shape):
    # the gradient of an operand of a sum is what we want, and the function above can do that already
    operand = np.zeros(shape)
    grad_x, unused = add_backward(grad, operand, operand)
    return grad_x


def multiply_backward(grad_out, a, b):
    # upstream times local gradient, for a
    local_gradient_a = b
    downstream_a = grad_out * local_gradient_a
    # upstream times local gradient, for b
    local_gradient_b = a
    downstream_b = grad_out * local_gradient_b
    # a sum hands its upstream on, summed to the right shape, so the function above does the rest
    grad_a, unused = add_backward(downstream_a, a, b)
    unused, grad_b = add_backward(downstream_b, a, b)
    return grad_a, grad_b


def sigmoid_backward(grad_out, out):
    one_minus_out = 1 - out
    local_gradient = out * one_minus_out
    grad_x = grad_out * local_gradient
    return grad_x


def matmul_backward(grad_out, a, b):
    # (N, H) @ (H, D) gives (N, D), which is the shape of a
    b_transposed = np.transpose(b)
    grad_a = np.matmul(grad_out, b_transposed)
    # (D, N) @ (N, H) gives (D, H), which is the shape of b
    a_transposed = np.transpose(a)
    grad_b = np.matmul(a_transposed, grad_out)
    return grad_a, grad_b


def softmax_cross_entropy_backward(grad_out, logits, targets):
    # the sizes
    number_of_examples = logits.shape[0]
    number_of_classes = logits.shape[1]
    # the probabilities, with the largest logit of each row subtracted
    largest_logits = np.max(logits, axis=1)
    largest_logits = largest_logits.reshape(number_of_examples, 1)
    shifted_logits = logits - largest_logits
    exponentials = np.exp(shifted_logits)
    sums_of_exponentials = np.sum(exponentials, axis=1)
    sums_of_exponentials = sums_of_exponentials.reshape(number_of_examples, 1)
    probs = exponentials / sums_of_exponentials
    # the one-hot targets
    one_hot_targets = np.zeros((number_of_examples, number_of_classes))
    for n in range(number_of_examples):
        right_class = targets[n]
        one_hot_targets[n, right_class] = 1
    # the gradient of the mean loss
    difference = probs - one_hot_targets
    mean_difference = difference / number_of_examples
    grad_logits = grad_out * mean_difference
    return grad_logits


def sgd_step(params, grads, lr):
    # a new list, so that the old one stays as it is
    new_params = []
    number_of_params = len(params)
    for i in range(number_of_params):
        old_param = params[i]
        grad = grads[i]
        step = lr * grad
        # a minus gives a new array, but -= would change the old one
        new_param = old_param - step
        new_params.append(new_param)
    return new_params


def numeric_gradient(f, x):
    # a single number becomes an array with no axes
    x = np.asarray(x)
    # a small step
    h = 0.00001
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        # remember the entry
        old_value = x[index]
        # one step up
        x[index] = old_value + h
        value_above = f(x)
        # one step down
        x[index] = old_value - h
        value_below = f(x)
        # put the entry back
        x[index] = old_value
        # rise over run
        rise = value_above - value_below
        run = 2 * h
        gradient[index] = rise / run
    return gradient
