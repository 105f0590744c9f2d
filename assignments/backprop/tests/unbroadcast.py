from autograder.otter.cases import cases
OK_FORMAT, name, (unbroadcast_runs, unbroadcast_values, unbroadcast_shapes, unbroadcast_pure) = False, "unbroadcast", cases("backprop", "unbroadcast", runs=1, values=2, shapes=2, pure=1)
