from autograder.otter.cases import cases
OK_FORMAT, name, (bigram_steps_1, bigram_steps_2, bigram_learning_1, bigram_learning_2, bigram_learning_3) = False, "bigram", cases("backprop", "bigram", steps=[1, 1], learning=[1, 1, 1])
