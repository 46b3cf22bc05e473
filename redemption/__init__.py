"""What an open order may redeem, before anything is booked."""
