from . import test_points_example
