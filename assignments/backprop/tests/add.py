from autograder.otter.cases import cases
OK_FORMAT, name, (add_runs, add_values, add_shapes, add_pure, add_hard) = False, "add", cases("backprop", "add", runs=1, values=2, shapes=3, pure=1, hard=1)
