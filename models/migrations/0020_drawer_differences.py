"""现金长款短款: under which subject the accountant books what a drawer held more or less than it should.

Frozen, as 0001 is.
"""


def up(migrator, db):
    """Add the subject, of the enterprise accounting standards as the others of 0015."""
    db.execute_sql(
        'INSERT INTO subject ("use", code, name, row_version) VALUES (?, ?, ?, 1)',
        ("DIFFERENCE", "1901", "待处理财产损溢"),
    )
