"""Whether the items of a scale hang together: co-moments enter, Cronbach's alpha and omega total leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

LEAST_CASES = 30
LEAST_UNIQUENESS = 0.005
"""The bound of R's psych::fa on the variance an item has of its own; at it, the solution is a Heywood case."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reliability:
    """Over `n` people who answered every item; a figure is None where it has no meaning."""

    alpha: float | None
    omega: float | None
    n: int


def reliability(moments: NDArray[np.int64]) -> Reliability:
    """From a tally's (J + 1, J + 1) moments. None under 30 people or two items, or without variance."""
    n = int(moments[0, 0])
    items = len(moments) - 1
    if n < LEAST_CASES or items < 2:
        return Reliability(None, None, n)
    sums = moments[0, 1:].astype(object)  # Python integers: no product of large sums overflows
    scatter = n * moments[1:, 1:].astype(object) - np.outer(sums, sums)
    covariance = scatter.astype(np.float64) / (n * (n - 1))
    return Reliability(alpha(covariance), omega(covariance), n)


def alpha(covariance: Floats) -> float | None:
    """Cronbach (1951), raw: J / (J - 1) x (1 - sum of item variances / variance of the sum)."""
    total = float(covariance.sum())
    items = len(covariance)
    if total <= 0:
        return None
    return items / (items - 1) * (1 - float(np.trace(covariance)) / total)


def omega(covariance: Floats) -> float | None:
    """McDonald's omega total (1999) of one factor by minres on the correlation matrix, as psych::omega does.

    1 - sum of uniquenesses / sum of the correlation matrix. None for fewer than 3 items, an item without
    variance, or a Heywood case.
    """
    variances = np.diag(covariance)
    if len(covariance) < 3 or float(variances.min()) <= 0:
        return None
    root = np.sqrt(variances)
    correlations = covariance / np.outer(root, root)
    loadings = one_factor(correlations)
    if loadings is None:
        return None
    return 1 - float((1 - loadings**2).sum()) / float(correlations.sum())


def one_factor(correlations: Floats) -> Floats | None:
    """Loadings of one factor that leave the least squared off-diagonal residuals (Harman & Jones 1966).

    None when it doesn't converge or an item keeps no variance of its own.
    """
    most = np.sqrt(1 - LEAST_UNIQUENESS)
    off = ~np.eye(len(correlations), dtype=bool)

    def misfit(loadings: Floats) -> tuple[float, Floats]:
        residual = np.where(off, np.outer(loadings, loadings) - correlations, 0.0)
        return float((residual**2).sum()) / 2, 2 * residual @ loadings

    values, vectors = np.linalg.eigh(correlations)
    start = np.clip(vectors[:, -1] * np.sqrt(values[-1]) * 0.9, -most * 0.95, most * 0.95)
    found = optimize.minimize(
        misfit, start, jac=True, method="L-BFGS-B", bounds=[(-most, most)] * len(start),
        options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    loadings = np.asarray(found.x)
    if not np.all(np.isfinite(loadings)) or float((loadings**2).max()) >= 1 - LEAST_UNIQUENESS - 1e-6:
        return None
    return loadings
