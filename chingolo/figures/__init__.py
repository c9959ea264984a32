"""Figures: functions that draw on the Axes they are given, and one hand that saves them."""
