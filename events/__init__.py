"""Ontmoet: livestreams for business circles, and the coffees that follow."""
