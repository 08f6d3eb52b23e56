"""Staff with accounts that have signed in, for tests of who may what."""

from models.office.accounts import Account, Role, add_account
from models.office.signin import change_password
from models.office.staff import Staff, add_staff


def worker(name: str, *roles: str) -> Account:
    """Open an account with these roles and change its first password."""
    return account_of(add_staff(number=name, name=name), *roles)


def account_of(staff: Staff, *roles: str) -> Account:
    """Open one more account of somebody."""
    issued = add_account(f"u{Account.select().count()}", staff)
    for role in roles:
        issued.account.give_role(Role.find(role))
    change_password(issued.account, issued.password, "a turtle and an owl")
    return Account.get_by_id(issued.account.id)
