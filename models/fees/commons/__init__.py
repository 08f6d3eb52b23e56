"""公共收益与维修资金: the owners' own money, kept apart from fees, receipts and rates."""
