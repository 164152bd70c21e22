"""What can be added to a store, each kind read by a module of its own.

Records come as they are; folders of official results are scored; analyses and logs of the Ascend
port's scripts are turned into records.
"""
