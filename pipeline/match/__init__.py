"""Ties a letter to a member and to claims."""
