"""Template tags of the web door: dates, names and components as pages show them."""
