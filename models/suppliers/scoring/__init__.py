"""评价: how suppliers did in a quarter or a year: facts, judged marks, grades and what follows."""
