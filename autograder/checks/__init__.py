"""Draw cases, differentiate the forward functions, compare, conclude. Pure: no process, no file, no clock."""
