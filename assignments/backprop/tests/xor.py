from autograder.otter.cases import cases
OK_FORMAT, name, (xor_steps_1, xor_steps_2, xor_learning_1, xor_learning_2, xor_learning_3) = False, "xor", cases("backprop", "xor", steps=[1, 1], learning=[1, 1, 1])
