from autograder.otter.cases import cases
OK_FORMAT, name, (matmul_runs, matmul_values, matmul_shapes, matmul_pure, matmul_hard) = False, "matmul", cases("backprop", "matmul", runs=2, values=5, shapes=3, pure=2, hard=2)
