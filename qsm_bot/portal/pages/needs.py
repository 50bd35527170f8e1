"""What the page objects need of a selector pack."""

from qsm_bot.portal.pages.claim_page import ClaimPage
from qsm_bot.portal.pages.home_page import HomePage
from qsm_bot.portal.pages.login_page import LoginPage
from qsm_bot.portal.selectors.pack import PageNeeds

NEEDS: tuple[PageNeeds, ...] = (*LoginPage.NEEDS, *HomePage.NEEDS, *ClaimPage.NEEDS)
"""Every element that the page objects touch; a selector pack must name exactly these."""
