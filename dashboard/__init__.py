"""Tables in, pictures out: the pages, the charts and the French of Chiffrier's dashboard."""
