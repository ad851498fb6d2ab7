"""Measurements that anyone can repeat: one file per question, every figure beside its comparator in the same run."""
