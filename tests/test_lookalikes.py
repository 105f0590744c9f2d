"""Which names are taken for a graded function, and which are not."""

from __future__ import annotations

import pytest

from autograder.source.lookalikes import find_lookalikes

FUNCTIONS = (
    *("unbroadcast", "add_backward", "multiply_backward", "sigmoid_backward", "matmul_backward"),
    *("softmax_cross_entropy_backward", "sgd_step", "numeric_gradient"),
)

MEANT = {
    "add_backward": (
        *("addBackward", "AddBackward", "add_bwd", "d_add", "dadd", "dAdd", "grad_add", "gradAdd", "add_grad"),
        *("backward_add", "add_backwards", "add_bakcward", "ad_backward", "Add_Backward", "add_backwrd"),
    ),
    "multiply_backward": ("mul_backward", "mult_backward", "d_mul", "multiply_grad", "mutliply_backward"),
    "sigmoid_backward": (
        *("sigmoid_grad", "sigmoid_prime", "sigmoid_derivative", "backward_sigmoid", "d_sigmoid", "sigmoidPrime"),
        *("sigmoyd_backward", "sigmod_backward"),
    ),
    "matmul_backward": ("dot_backward", "linear_backward", "matmul_grad", "matmult_backward", "backward_matmul"),
    "softmax_cross_entropy_backward": (
        *("softmax_loss_backward", "cross_entropy_backward", "softmax_ce_backward", "softmax_crossentropy_backward"),
        *("softmaxCrossEntropyBackward", "softmax_cross_entropy_grad", "softmax_cross_entrophy_backward"),
    ),
    "sgd_step": ("sgd", "sgd_update", "sgdStep", "SGD", "sdg_step"),
    "numeric_gradient": (
        *("numerical_gradient", "num_grad", "eval_numerical_gradient", "numeric_grad", "numericGradient"),
        *("numeric_gradent",),
    ),
    "unbroadcast": ("unbroadcast_grad", "sum_to_shape", "unBroadcast", "unbrodcast"),
}


@pytest.mark.parametrize(
    ("function", "name"), [(function, name) for function, names in MEANT.items() for name in names]
)
def test_a_name_from_elsewhere_is_taken_for_the_function(function: str, name: str) -> None:
    """Camel case, other courses and slips of the finger: for this function, and for no other one."""
    assert find_lookalikes(FUNCTIONS, [name]) == {function: name}


@pytest.mark.parametrize(
    "name",
    [
        *(
            "add",
            "backward",
            "gradient",
            "step",
            "train",
            "add_forward",
            "forward_add",
            "sub_backward",
            "adam_backward",
        ),
        *("tanh_backward", "relu_backward", "mean_backward", "conv_backward", "loss", "sum_backward"),
        *("adam_step", "adam_backward"),
    ],
)
def test_another_function_is_not_taken_for_one(name: str) -> None:
    """A question that makes no sense is worse than none."""
    assert find_lookalikes(FUNCTIONS, [name]) == {}


def test_no_name_is_suggested_for_another_operation_than_its_own() -> None:
    """`mul_backward` is much like `matmul_backward`, but everybody knows what it means."""
    assert find_lookalikes(["matmul_backward"], ["mul_backward", "multiply_backward"]) == {}


def test_no_name_is_suggested_twice_and_the_better_one_wins() -> None:
    """The exact name goes before the close one, and each to one function."""
    assert find_lookalikes(["f_backward", "g_backward"], ["d_f", "f_backwards", "gg_backward"]) == {
        "f_backward": "f_backwards",
        "g_backward": "gg_backward",
    }
