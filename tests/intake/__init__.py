"""The front desk through its doors."""
