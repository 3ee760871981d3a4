import pytest

from tests import servers


@pytest.fixture(scope="session")
def django_db_setup():
    """These tests have servers and databases of their own; none for this process."""


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("migrated")
    with servers.own_database(folder) as url:
        servers.Site(folder, url).migrate()
        yield url


@pytest.fixture
def own_database(tmp_path, migrated):
    with servers.own_database(tmp_path, like=migrated) as url:
        yield url
