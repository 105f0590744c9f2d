"""What leaves the house: the handout that students receive."""
