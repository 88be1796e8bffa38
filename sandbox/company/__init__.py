"""The simulated company: a real grocer's year, and the persons, devices and clicks it never published."""
