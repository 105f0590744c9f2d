from autograder.otter.cases import cases
OK_FORMAT, name, (language_model_steps_1, language_model_steps_2, language_model_steps_3, language_model_learning_1, language_model_learning_2, language_model_learning_3) = False, "language_model", cases("backprop", "language_model", steps=[1, 1, 1], learning=[1, 1, 1])
