"""收费页面: the pages of the fees panel, a file for each group."""
