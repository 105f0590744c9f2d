from autograder.otter.cases import cases
OK_FORMAT, name, (graph_steps_1, graph_steps_2, graph_steps_3, graph_steps_4) = False, "graph", cases("backprop", "graph", steps=[1, 1, 1, 1])
