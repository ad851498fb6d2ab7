"""What stays on disk: the state directory and what lies in it. Import each part by its own name."""
