"""The front desk (受理): filing, drafts, amendment, withdrawal, previews."""
