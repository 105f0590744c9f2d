from autograder.otter.cases import cases
OK_FORMAT, name, (softmax_cross_entropy_runs, softmax_cross_entropy_values, softmax_cross_entropy_shapes, softmax_cross_entropy_pure, softmax_cross_entropy_hard) = False, "softmax_cross_entropy", cases("backprop", "softmax_cross_entropy", runs=2, values=6, shapes=3, pure=2, hard=5)
