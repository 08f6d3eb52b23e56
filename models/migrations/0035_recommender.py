"""询价推荐人: who recommended a quote does not say for its users whether it is followed.

Frozen, as 0001 is.
"""


def up(migrator, db):
    """Keep the account of who recommended."""
    db.execute_sql('ALTER TABLE "inquiry" ADD COLUMN "recommender" INTEGER')
