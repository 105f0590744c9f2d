from autograder.otter.cases import cases
OK_FORMAT, name, (sgd_step_runs, sgd_step_values, sgd_step_pure) = False, "sgd_step", cases("backprop", "sgd_step", runs=1, values=2, pure=1)
