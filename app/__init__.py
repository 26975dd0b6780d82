"""Qinqing (亲清): an open register of integrity declarations."""
