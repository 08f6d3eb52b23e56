"""桌面程序: the program that is started; the only place that knows everything."""
