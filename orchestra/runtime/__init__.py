"""What runs: tasks, processes, terminals, clocks. Import each part by its own name."""
