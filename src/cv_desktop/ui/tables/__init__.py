"""Tables: columns, the model that sorts and filters its own rows, the view and its painters."""
