"""Writes what SciPy says about numbers that the test can make too:

    python3 make_reference.py > scipy.txt
"""
import numpy as np
import scipy
from scipy import stats

print("# scipy", scipy.__version__, "numpy", np.__version__)


def uniform(n):
    return (np.arange(1, n + 1) * 0.6180339887498949) % 1.0


CASES = {
    "uniform": uniform,
    "exponential": lambda n: -np.log(1 - uniform(n)),
    "normal": lambda n: np.sqrt(-2 * np.log(uniform(n)))
    * np.cos(2 * np.pi * (np.arange(1, n + 1) * 0.7548776662466927 % 1.0)),
    "cauchy": lambda n: np.tan(np.pi * (uniform(n) - 0.5)),
}


def line(*values):
    print(*(v if isinstance(v, str) else repr(float(v)) for v in values))


for name, make in CASES.items():
    for n in (3, 5, 8, 11, 20, 100, 1000, 5000):
        x = make(n)
        w, p = stats.shapiro(x)
        a = stats.anderson(x, "norm").statistic if n >= 8 else float("nan")
        line("test", name, str(n), w, p, a)
x = CASES["normal"](50)
kde = stats.gaussian_kde(x)
line("density", kde.factor * x.std(ddof=1), *kde([-1.0, 0.0, 0.7, 3.0]))
line("quantiles", *np.quantile(x, [0.05, 0.5, 0.95]))
line("moments", x.mean(), x.var(ddof=1), stats.skew(x), stats.kurtosis(x))
line("logcdf", *stats.norm.logcdf([-40, -10, 0, 3]))
line("quantile", *stats.norm.ppf([1e-10, 0.025, 0.7]))
