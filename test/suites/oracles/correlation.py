"""Pearson's r and Spearman's rho by SciPy: the values in privacy.test.ts.

Run with Python 3 and the SciPy of scripts/statistics/requirements.txt.
"""
from scipy.stats import pearsonr, spearmanr

X = [4, 3, 3, 4, 2, 1, 2, 1, 2.5, 3]
PEOPLE = [3.8, 3.2, 3.4, 3.4, 3.3, 1.7, 2.4, 1.7, 2.3, 2.1]

print(repr(float(pearsonr(X, PEOPLE)[0])), repr(float(spearmanr(X, PEOPLE)[0])))
