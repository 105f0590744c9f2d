from autograder.otter.cases import cases
OK_FORMAT, name, (sigmoid_runs, sigmoid_values, sigmoid_shapes, sigmoid_pure, sigmoid_hard) = False, "sigmoid", cases("backprop", "sigmoid", runs=1, values=4, shapes=2, pure=1, hard=2)
