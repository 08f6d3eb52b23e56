"""月度分析: the month's figures of the desk in chapters, and the words about them, as they were signed."""
