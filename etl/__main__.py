"""`python -m etl` is the command `chiffrier`."""

from etl.cli import main

if __name__ == "__main__":
    main()
