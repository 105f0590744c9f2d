from autograder.otter.cases import cases
OK_FORMAT, name, (numeric_gradient_verdicts_1, numeric_gradient_verdicts_2, numeric_gradient_verdicts_3, numeric_gradient_verdicts_4, numeric_gradient_verdicts_5, numeric_gradient_verdicts_6, numeric_gradient_verdicts_7, numeric_gradient_verdicts_8) = False, "numeric_gradient", cases("backprop", "numeric_gradient", verdicts=[1, 1, 1, 1, 1, 1, 1, 1])
