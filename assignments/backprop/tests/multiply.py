from autograder.otter.cases import cases
OK_FORMAT, name, (multiply_runs, multiply_values, multiply_shapes, multiply_pure, multiply_hard) = False, "multiply", cases("backprop", "multiply", runs=2, values=3, shapes=5, pure=1, hard=1)
