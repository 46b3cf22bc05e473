{
    "name": "Points Example",
    "summary": "Adds a sale, a reward, a way of earning and a variable of formulas",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Customer Points contributors",
    "license": "LGPL-3",
    "depends": ["customer_points"],
    "data": ["security/ir.model.access.csv"],
}
