"""员工考核: what people and departments are appraised by; so far the figures of finance."""
