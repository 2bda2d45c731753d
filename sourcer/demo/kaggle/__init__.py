"""The invented Kaggle: who is there and what they show, and its copies, by API, by official files and by saved page."""
