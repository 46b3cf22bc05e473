from . import points_export
